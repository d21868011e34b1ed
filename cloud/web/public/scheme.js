// Sets colour scheme and language of the page from what was chosen last, before anything is drawn.
(function () {
  var scheme = 'auto'
  try {
    scheme = localStorage.getItem('callweave-scheme') || 'auto'
    var language = localStorage.getItem('callweave-language')
    if (language) document.documentElement.lang = language
  } catch (_) {
    // Storage may be blocked: the system's choice stands.
  }
  if (scheme !== 'light' && scheme !== 'dark') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
