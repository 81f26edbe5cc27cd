"""Japanese."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 位置情報を送る",
    choose="選ぶ",
    photo="写真",
    greeting="こんにちは",
    get_started=("はじめる", "始める", "スタート"),
    stop=("配信停止", "配信停止希望", "購読解除"),
)
