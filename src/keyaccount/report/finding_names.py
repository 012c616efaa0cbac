"""What findings are called in Chinese; their sentences, which hold names of the data, are English.

A code that is not here is shown as it is.
"""

from __future__ import annotations

from typing import Final

__all__ = ["FINDINGS_ZH", "OF_PROGRAMME_ZH", "finding_name"]

OF_PROGRAMME_ZH: Final = {
    "column_kept": "保留客户表原有的列",
    "idle_goals": "目标没有举措支撑",
    "late": "举措逾期",
    "missing_role": "角色缺失",
    "no_contact": "没有联系记录",
    "no_due_date": "举措没有日期",
    "no_goal_code": "目标没有名称",
    "no_owner": "举措无人负责",
    "no_plan": "没有客户规划",
    "not_valid": "任命不在有效期内",
    "one_hand": "仅由一人负责",
    "over_capacity": "人员超出容量",
    "overdue": "日常维护逾期",
    "part_not_used": "规则未用到",
    "plan_lacks": "客户规划不完整",
    "plan_template": "所用计划模板",
    "playbook_not_valid": "规则尚未生效",
    "rhythm_unknown": "未规定联系频率",
    "roles_not_given": "只知负责人",
    "stall_unknown": "未规定停滞期限",
    "stray": "举措没有对应目标",
    "task_stalled": "核心任务停滞",
    "task_undated": "核心任务没有日期",
    "task_unknown": "核心任务状态未知",
    "task_unproven": "核心任务没有证据",
}
"""Codes of findings about coverage, plans, tasks and contacts."""

FINDINGS_ZH: Final = {
    # Reading tables
    "closed_later": "当日之后才关闭的商机",
    "conflicting_rows": "同一编号内容不同",
    "day_before_all": "日期早于全部记录",
    "duplicate_row": "重复的行",
    "file_not_read": "未读取的文件",
    "infinite": "无穷大的数值",
    "line_break": "名称含换行",
    "list_price": "以标价代替金额",
    "misspelt_label": "疑似拼写错误",
    "near_duplicate": "疑似重复",
    "no_account": "无对应客户，已剔除",
    "no_amounts": "没有金额列",
    "no_closed": "没有关闭日期列",
    "no_criterion": "评分未注明要素",
    "no_flag": "既非是也非否",
    "no_id": "缺少编号",
    "no_opened": "没有开始日期列",
    "no_person": "缺少人员或人员重复",
    "no_price": "缺少标价",
    "no_product": "缺少产品名称",
    "no_raters": "没有评分人",
    "no_rating_days": "没有评分日期",
    "no_sector": "缺少行业",
    "no_stage": "缺少阶段",
    "old_news": "数据陈旧",
    "open_without_worth": "在途商机无金额",
    "order_without_amount": "订单无金额",
    "own_parent": "上级客户为自身",
    "ragged_row": "列数不符的行",
    "renamed_column": "列已改名",
    "repaired_label": "已修正的名称",
    "rounded": "金额已取整到分",
    "spaces": "名称含多余空格",
    "too_large": "数值过大",
    "unknown_account": "客户不在客户表中",
    "unknown_account_deals": "商机的客户不在客户表中",
    "unknown_account_ratings": "评分的客户不在客户表中",
    "unknown_product": "产品不在产品表中",
    "unknown_stage": "阶段含义不明",
    "unnamed_column": "没有名称的列",
    "unreadable_date": "无法识别的日期",
    "unused_alias": "未用到的别名",
    "won_amount_negative": "赢单金额为负",
    "won_amount_zero": "赢单金额为零",
    "won_without_amount": "赢单无金额",
    # Scores and seats
    "constant_criterion": "要素无区分度",
    "constants_outgrown": "上季度的标尺已不适用",
    "no_groups": "没有可比较的分组",
    "override_not_carried": "特批未延续",
    "pooled": "分组过小，与全体比较",
    "subsidiary_named": "所列为子公司",
    "unmeasured_criterion": "要素无数据",
    "unseen": "新出现的分组",
    "unused_ratings": "未用到的评分",
    "win_rates_alike": "赢单率无显著差异",
    # What changed
    "asked_otherwise": "本次选项与上季度不同",
    "column_gone": "缺少上季度的列",
    "few_in_common": "两季度共有的客户很少",
    "missing": "数据缺失",
    "not_additive": "影响不可相加",
    "not_given": "未提供数据，无法判断",
    "not_split": "变化原因无法拆分",
    "other_incumbents": "原有大客户名单不一致",
    "seats_not_split": "席位变化原因无法拆分",
    "unknown_state": "未知的生命周期阶段",
    "window_half_seen": "统计期间数据不全",
    "windows_differ": "统计期间长度不同",
    "windows_overlap": "统计期间重叠",
    # Purchases, lifecycle and segments
    "degenerate_cut": "分界无区分度",
    "duplicate_orders": "疑似重复的订单",
    "growth_unknown": "销售增长未知",
    "many_groups": "分组过多",
    "mixed_ids": "编号类型不一",
    "negative": "负值",
    "no_orders": "没有订单",
    "no_pcv": "无法归入 PCV 矩阵",
    "no_rhythm": "没有购买节奏",
    "no_trend": "无法判断趋势，视为成熟",
    "one_segment": "全部落在一个分群",
    "pcv": "按 PCV 矩阵分群",
    "refunds_netted": "已扣除退款",
    "same_day_orders": "同日多笔订单",
    **OF_PROGRAMME_ZH,
}
"""Codes of findings to short names."""


def finding_name(code: str) -> str:
    """Give what a finding is called in Chinese."""
    return FINDINGS_ZH.get(code, code.replace("_", " "))
