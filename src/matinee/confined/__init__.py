"""Processes with limits, in which what strangers wrote is opened: they may crash, hang or fill their memory."""
