"""The border: any container of columns in, three kinds of numpy array inside.

Numbers are ``float64`` with NaN for missing, labels are integer codes with -1 for missing beside a
tuple of texts, days are ``datetime64[D]`` with NaT. Nothing is copied that already fits.
"""

from keyaccount._columns.days import as_days, days, one_day
from keyaccount._columns.floats import as_floats, as_truths, bools, floats, one_float
from keyaccount._columns.ids import as_ids, refuse_missing
from keyaccount._columns.kinds import Bools, Codes, Days, Floats, Labels, Objects
from keyaccount._columns.labels import as_labels, label_text, labels
from keyaccount._columns.lengths import common_length, row_count
from keyaccount._columns.names import Columns, names_of, pick, told_names
from keyaccount._columns.native import is_scalar, to_numpy
from keyaccount._columns.refusing import refuse_rows

__all__ = [
    "Bools",
    "Codes",
    "Columns",
    "Days",
    "Floats",
    "Labels",
    "Objects",
    "as_days",
    "as_floats",
    "as_ids",
    "as_labels",
    "as_truths",
    "bools",
    "common_length",
    "days",
    "floats",
    "is_scalar",
    "label_text",
    "labels",
    "names_of",
    "one_day",
    "one_float",
    "pick",
    "refuse_missing",
    "refuse_rows",
    "row_count",
    "to_numpy",
    "told_names",
]
