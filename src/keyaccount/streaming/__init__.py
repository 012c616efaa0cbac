"""Books larger than the memory: streamed from Parquet, judged, written part by part."""

from keyaccount.streaming.result import StreamedReview
from keyaccount.streaming.review import stream_review

__all__ = ["StreamedReview", "stream_review"]
