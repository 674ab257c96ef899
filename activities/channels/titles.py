"""What people call the kinds of channel."""

CHANNEL_TITLES = {
    "outbox": "发件夹",
    "email": "电子邮件",
    "sms": "短信",
    "zhezhengding": "浙政钉",
    "dingtalk": "钉钉机器人",
    "wecom": "企业微信机器人",
    "feishu": "飞书机器人",
    "webhook": "网络接口",
    "apprise": "通知服务",
}
"""By kind, as a case file names it."""
