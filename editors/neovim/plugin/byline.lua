if vim.g.loaded_byline then
  return
end
vim.g.loaded_byline = true

vim.api.nvim_create_user_command('Byline', function(command)
  require('byline.commands').run(command)
end, {
  nargs = '+',
  range = true,
  desc = 'Who wrote each line',
  complete = function(lead, line)
    return require('byline.commands').complete(lead, line)
  end,
})
