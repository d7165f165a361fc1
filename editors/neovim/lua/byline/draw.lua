--- Everything that is drawn, and when it has to be drawn anew.
local blame = require('byline.blame')
local lens = require('byline.lens')
local signs = require('byline.signs')
local statusline = require('byline.statusline')

local M = {}

--- What is said of a buffer may have changed.
---@param bufnr integer
function M.changed(bufnr)
  lens.refresh(bufnr)
  blame.refresh(bufnr)
  signs.refresh()
  statusline.refresh(bufnr)
end

---@param group integer of autocommands
function M.setup(group)
  blame.setup(group)
  signs.setup(group)
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave' }, {
    group = group,
    callback = function(event)
      lens.refresh(event.buf)
    end,
  })
end

return M
