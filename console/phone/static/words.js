// The page's labels in the chosen language. An element with data-word shows that label, and again when the language changes.

const { words, brand, helpline } = JSON.parse(document.getElementById("words").textContent);
export { helpline };

export let language = document.documentElement.lang;

/** The label `key` in the page's language; an unknown key gives "". */
export function word(key) {
  if (key === "brand_number") return `${brand[language]} ${helpline}`;
  const text = words[language][key] ?? "";
  return text.replaceAll("{brand}", brand[language]).replaceAll("{helpline}", helpline);
}

/** Show the label `key` in `element`, now and after every change of language. */
export function show(element, key) {
  element.dataset.word = key;
  element.textContent = word(key);
}

function showAll() {
  document.documentElement.lang = language;
  document.title = `${word("brand_number")} · ${word("title")}`;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-word-label]")) {
    element.setAttribute("aria-label", word(element.dataset.wordLabel));
  }
  for (const element of document.querySelectorAll("[data-word-placeholder]")) {
    element.placeholder = word(element.dataset.wordPlaceholder);
  }
  for (const link of document.querySelectorAll("[data-language]")) {
    link.setAttribute("aria-current", String(link.dataset.language === language));
  }
}

/** Let the language links change the words in place (and tell the document's listeners to "language"): following them
 * would cut a call off. */
export function switchInPlace() {
  for (const link of document.querySelectorAll("[data-language]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      language = link.dataset.language;
      history.replaceState(null, "", link.href);
      showAll();
      document.dispatchEvent(new Event("language"));
    });
  }
}
