--- Byline in Neovim: who wrote each line, you or which AI.
local M = {}

local HIGHLIGHTS = {
  BylineBlame = 'NonText',
  BylineAi = 'DiagnosticInfo',
  BylineAiModified = 'DiagnosticHint',
  BylineHuman = 'NonText',
  BylineUnknown = 'NonText',
}

local started = false

---@param event {buf: integer, data: {client_id: integer}}
local function on_attach(event)
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  if not client or client.name ~= 'byline' then
    return
  end
  if vim.tbl_count(client.attached_buffers) == 1 then
    require('byline.hello').send(client)
  end
  require('byline.lens').attach(event.buf, client.id)
  require('byline.draw').changed(event.buf)
  require('byline.statusline').update()
end

--- Watch keys, registers and plug-ins, and draw. Once.
local function start()
  if started then
    return
  end
  started = true
  local group = vim.api.nvim_create_augroup('byline', {})
  for name, link in pairs(HIGHLIGHTS) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
  require('byline.keys').setup(group, require('byline.context').catch_up)
  require('byline.registers').setup(group)
  require('byline.events').setup(group, require('byline.client').notify)
  require('byline.draw').setup(group)
  vim.api.nvim_create_autocmd('LspAttach', { group = group, callback = on_attach })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    callback = vim.schedule_wrap(function()
      require('byline.statusline').update()
    end),
  })
end

--- Take settings over and start. Raises an error that says what is wrong with them.
---@param opts table? see |byline-settings|
function M.setup(opts)
  require('byline.config').set(opts)
  start()
  vim.lsp.enable('byline')
end

M.start = start

--- For a status line: how much of the current buffer is AI's, empty where nothing is known.
---@return string
function M.statusline()
  return require('byline.statusline').text()
end

return M
