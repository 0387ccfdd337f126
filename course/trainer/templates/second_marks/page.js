// The page for a second marker: counts what has a level, and saves all of it as one file. Nothing leaves the computer.
(() => {
  const form = document.querySelector("form");
  const status = document.getElementById("filled");
  const articles = [...form.querySelectorAll("article")];
  let unsaved = false;

  const mark = (article) => ({
    number: article.dataset.number,
    level: article.querySelector("input:checked")?.value ?? "",
    comment: article.querySelector("textarea").value.trim(),
  });

  const count = () => {
    const done = articles.filter((article) => mark(article).level).length;
    status.textContent = form.dataset.filled.replace("{done}", done);
  };

  form.addEventListener("input", () => {
    unsaved = true;
    count();
  });

  document.getElementById("save").addEventListener("click", () => {
    const marks = articles.map(mark).filter((one) => one.level || one.comment);
    const text = JSON.stringify({ format: Number(form.dataset.format), "second-marks": marks }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = form.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    unsaved = false;
    count();
    status.textContent += ` ${form.dataset.saved}`;
  });

  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  count();
})();
