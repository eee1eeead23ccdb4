// Runs before the page is painted, so that a chosen theme does not flash.
'use strict';
try {
  const theme = localStorage.getItem('flowmancer-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the theme is that of the system.
}
