// What is typed is heard as the helpline would say it, before it is saved.

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-hear]");
  if (!button) return;
  const audio = button.parentElement.querySelector("audio");
  const trouble = button.parentElement.querySelector("[role=status]");
  const text = button.closest(".row").querySelector("textarea").value;
  trouble.hidden = true;
  audio.hidden = false;
  audio.onerror = () => {
    audio.hidden = true;
    trouble.hidden = false;
  };
  audio.src = `${button.dataset.hear}?text=${encodeURIComponent(text)}`;
  audio.play().catch(() => {}); // what went wrong is said by onerror; a browser that plays nothing by itself has a button
});
