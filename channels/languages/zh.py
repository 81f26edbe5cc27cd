"""Chinese."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 发送位置",
    choose="选择",
    photo="照片",
    greeting="你好",
    get_started=("开始", "开始使用", "開始使用", "開始"),
    stop=("退订", "取消订阅", "退訂"),
)
