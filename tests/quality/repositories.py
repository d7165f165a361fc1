"""Which public repositories the figures are from. Each list was written down before it was measured.

`DEVELOPMENT` was looked at while the writer was made, `FIRST_TEST` and `SECOND_TEST` later, too. `TEST` was measured
with everything frozen, and nothing was tuned afterwards.
"""

DEVELOPMENT = (
    "vitejs/vite",
    "vuejs/core",
    "goreleaser/goreleaser",
    "neovim/nvim-lspconfig",
    "orhun/git-cliff",
    "conventional-changelog/commitlint",
    "commitizen-tools/commitizen",
    "charmbracelet/bubbletea",
)
FIRST_TEST = (
    "deepset-ai/haystack",
    "jdx/mise",
    "biomejs/biome",
    "argoproj/argo-cd",
    "vuejs/router",
    "unocss/unocss",
    "folke/lazy.nvim",
)
SECOND_TEST = (
    "tree-sitter/tree-sitter",
    "typescript-eslint/typescript-eslint",
    "nitrojs/nitro",
    "apache/opendal",
    "litestar-org/litestar",
    "golangci/golangci-lint",
    "tauri-apps/tauri",
)
TEST = (
    "starship/starship",
    "aquasecurity/trivy",
    "pdm-project/pdm",
    "appium/appium",
    "influxdata/telegraf",
    "sveltejs/kit",
    "ratatui/ratatui",
    "authelia/authelia",
    "oxc-project/oxc",
)
