"""Subtitles: what strangers wrote in many ways, read into cues. In Python alone, so that no text can break memory."""
