--- For `vim.lsp.enable('byline')`, with or without `require('byline').setup()`.
require('byline').start()
return require('byline.client').config()
