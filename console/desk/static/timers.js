// Times that run: <time data-elapsed="93"> counts on from 93 seconds, without asking the server or its clock.

const shown = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
};

function tick() {
  const now = performance.now();
  for (const timer of document.querySelectorAll("time[data-elapsed]")) {
    const age = Number(timer.closest("[data-age]")?.dataset.age ?? 0); // a part that was drawn some seconds ago
    timer.dataset.began ??= String(now - (Number(timer.dataset.elapsed) + age) * 1000);
    const digits = timer.querySelector("[data-digits]");
    const text = shown((now - Number(timer.dataset.began)) / 1000);
    if (digits.textContent !== text) digits.textContent = text;
  }
}

setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
tick();
