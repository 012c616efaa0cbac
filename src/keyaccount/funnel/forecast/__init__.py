"""What a pipeline will bring: weighted, by target and pace, and held against what came about."""

from keyaccount.funnel.forecast.backtest import backtest
from keyaccount.funnel.forecast.backtested import Backtest
from keyaccount.funnel.forecast.category import Categories, Category
from keyaccount.funnel.forecast.deals import ForecastDeals
from keyaccount.funnel.forecast.judged import ForecastCalibration
from keyaccount.funnel.forecast.pace import Pace, pace
from keyaccount.funnel.forecast.result import Forecast, ForecastSums
from keyaccount.funnel.forecast.stored import calibrate_forecasts
from keyaccount.funnel.forecast.target import SalesTarget, TargetPhase
from keyaccount.funnel.forecast.weighted import forecast

__all__ = [
    "Backtest",
    "Categories",
    "Category",
    "Forecast",
    "ForecastCalibration",
    "ForecastDeals",
    "ForecastSums",
    "Pace",
    "SalesTarget",
    "TargetPhase",
    "backtest",
    "calibrate_forecasts",
    "forecast",
    "pace",
]
