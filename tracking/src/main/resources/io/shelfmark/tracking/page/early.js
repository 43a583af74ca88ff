// A classic script in the head: the chosen theme is on the page before it is first painted.
(() => {
  try {
    const theme = localStorage.getItem('shelfmark.theme');
    if (theme === 'light' || theme === 'dark') {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // storage is switched off: the system's theme holds
  }
})();
