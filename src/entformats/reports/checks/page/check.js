"use strict";
(() => {
  const form = document.querySelector("form.filters");
  const search = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const articles = [...document.querySelectorAll("article")];
  const status = document.getElementById("shown");
  const apply = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const article of articles) {
      const text = article.textContent.toLocaleLowerCase();
      article.hidden = !(wanted.has(article.dataset.severity) && words.every((word) => text.includes(word)));
      shown += article.hidden ? 0 : 1;
    }
    status.textContent = `${shown} / ${articles.length}`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
