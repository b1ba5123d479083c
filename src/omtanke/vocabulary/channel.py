"""Where we meet the customer."""

from __future__ import annotations

CHANNELS = {
    "web": "the shop's pages",
    "app": "the shop's app",
    "store": "in the store",
    "phone": "on the phone",
    "mail": "e-mail",
    "sms": "text message",
    "chat": "chat",
    "letter": "a letter or card",
    "delivery": "at the door or the pickup point",
    "survey": "a question we asked",
    "review": "what is said about us",
    "warehouse": "where goods are picked and packed",
    "none": "no channel: ours alone, or not told",
}
