--- Has one item, and confirms it as nvim-cmp does: by keys that are fed in, or by its own code.
local M = { source = 'buffer', text = '', by_keys = true }

local shown = true

function M.visible()
  return shown
end

function M.get_entries()
  return { { source = { name = M.source }, completion_item = { label = 'an item', insertText = M.text } } }
end

function M.get_selected_entry()
  return nil
end

function M.confirm()
  shown = false
  if M.by_keys then
    vim.api.nvim_feedkeys(M.text, 'in', true)
  else
    require('cmp.core').insert(M.text)
  end
end

return M
