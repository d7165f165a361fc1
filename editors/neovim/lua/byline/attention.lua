--- When a person may be asked something.
local timing = require('byline.timing')

local M = {}

local PAUSE = 1000 -- ms

--- Run `action` once, when Neovim is in normal mode and no key was pressed for a second.
---@param action fun()
function M.when_idle(action)
  local watch, pause
  local function look()
    if vim.api.nvim_get_mode().mode == 'n' then
      vim.on_key(nil, watch)
      action()
    else
      pause.call()
    end
  end
  pause = timing.debounce(PAUSE, look)
  watch = vim.on_key(function()
    pause.call()
  end)
  pause.call()
end

return M
