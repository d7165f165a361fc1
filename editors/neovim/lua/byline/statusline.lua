--- For status lines: `b:byline_status` says how much of a buffer is AI's, `g:byline_status` whether a server runs.
local attribution = require('byline.attribution')
local client = require('byline.client')
local timing = require('byline.timing')

local M = {}

local PERIOD = 1000 -- ms

local asked = {} ---@type table<integer, byline.Timer>

---@param bufnr integer
local function ask(bufnr)
  if vim.api.nvim_buf_is_loaded(bufnr) then
    attribution.ask(bufnr, 0, 0, function()
      vim.cmd.redrawstatus()
    end)
  end
end

--- Ask for a buffer's share again, at most once a second and not while somebody types.
---@param bufnr integer
function M.refresh(bufnr)
  if vim.api.nvim_get_mode().mode:find('^[iR]') then
    return
  end
  asked[bufnr] = asked[bufnr] or timing.throttle(PERIOD, function()
    ask(bufnr)
  end)
  asked[bufnr].call()
end

--- The servers that run have changed.
function M.update()
  local count = #vim.lsp.get_clients({ name = client.NAME })
  vim.g.byline_status = count > 0 and 'on' or 'off'
end

--- For 'statusline': `%{%v:lua.require'byline'.statusline()%}`. Empty where nothing is known.
---@return string
function M.text()
  local share = vim.b.byline_status
  return share and share ~= '' and (share:gsub('%%', '%%%%')) or ''
end

return M
