(() => {
  const data = JSON.parse(document.getElementById("overview").textContent);
  let panel;
  const matrix = new Matrix(document.getElementById("grid"), data, (row, column) => panel.open(row, column));
  panel = new Panel(matrix);
  addTools(matrix);
  const follow = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const row = matrix.rows.findIndex((entry) => entry.name === asked.get("open"));
    if (row >= 0) panel.open(row, Math.min(Number(asked.get("run")) || 0, matrix.columns.length - 1));
  };
  addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "1";
  performance.mark("ready");
  requestAnimationFrame(() => setTimeout(() => performance.mark("painted")));
})();
