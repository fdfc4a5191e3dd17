// How the overview of a class looks: light and dark as the reader's system is, and readable on a telephone.

export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c1c1a; --soft: #5a5a55; --page: #fdfcf9; --rule: #d9d6cd;
  --good: #1d6b34; --bad: #a3231a; --odd: #7a4b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #ecebe6; --soft: #b0aea6; --page: #191918; --rule: #45443f;
    --good: #7fd196; --bad: #ff9a8d; --odd: #f0bd6a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 75rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { margin-top: 2rem; font-size: 1.2rem; }
h3 { margin: 0 0 0.3rem; font-size: 1rem; }
p { margin: 0.3rem 0; }
small { color: var(--soft); font-size: 0.8125rem; }
td small, th small { display: block; font-weight: normal; }
.mark { color: var(--odd); }
.totals { display: flex; flex-wrap: wrap; gap: 0.3rem 1.5rem; padding: 0; list-style: none; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { min-width: 6.5rem; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th:first-child { position: sticky; left: 0; width: 16rem; max-width: 16rem; background: var(--page); }
.pass { color: var(--good); }
.fail { color: var(--bad); }
.hang, .memory, .error, .nondeterministic { color: var(--odd); }
.absent, .not_attempted { color: var(--soft); }
.group { margin: 1rem 0; padding-left: 0.8rem; border-left: 3px solid var(--rule); }
pre { overflow-x: auto; margin: 0.4rem 0; font: 0.8125rem/1.5 ui-monospace, monospace; }
summary { cursor: pointer; }
@media (max-width: 40rem) {
  main { padding: 0.7rem; }
  th, td { min-width: 5.5rem; padding: 0.4rem; font-size: 0.875rem; }
  th:first-child { width: 9rem; max-width: 9rem; }
}
@media print { .wide { overflow: visible; } th:first-child { position: static; } }
`;
