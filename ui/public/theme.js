// Before the first paint, so that a chosen room does not flash as the other one. A file of its own: the policy forbids inline scripts.
try {
  document.documentElement.dataset.theme = localStorage.getItem('matinee.theme') || 'auto';
} catch {
  // Storage may be closed to us; the system's preference stands then.
}
