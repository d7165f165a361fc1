--- Doing things later, and not too often. Everything runs on the main loop.
local M = {}

---@class byline.Timer
---@field call fun() ask for the action
---@field stop fun() forget what was asked for

--- Run `action` once it was not asked for during `delay` ms.
---@param delay integer
---@param action fun()
---@return byline.Timer
function M.debounce(delay, action)
  local timer = assert(vim.uv.new_timer())
  local run = vim.schedule_wrap(function()
    if not timer:is_active() then
      action()
    end
  end)
  return {
    call = function()
      timer:start(delay, 0, run)
    end,
    stop = function()
      timer:stop()
    end,
  }
end

--- Run `action` at once, then at most every `period` ms; what is asked for in between is done once at its end.
---@param period integer
---@param action fun()
---@return byline.Timer
function M.throttle(period, action)
  local timer = assert(vim.uv.new_timer())
  local wanted = false
  local function rest()
    timer:start(
      period,
      0,
      vim.schedule_wrap(function()
        if wanted then
          wanted = false
          rest()
          action()
        end
      end)
    )
  end
  return {
    call = function()
      if timer:is_active() then
        wanted = true
      else
        rest()
        action()
      end
    end,
    stop = function()
      wanted = false
      timer:stop()
    end,
  }
end

return M
