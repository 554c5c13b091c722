"""Readers of what strangers wrote, fed with what nobody wrote: a slice in `make test`, the long run apart."""
