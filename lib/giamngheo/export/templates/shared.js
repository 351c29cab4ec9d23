"use strict";
// What the pages of reports and their list share: words without their marks, elements, numbers as we write them.
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
const made = (tag, properties, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};

// "4.569,482" is 4569.482; what is not one number, written in this way, is not known.
const isNumber = (text) => /^[+−-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?\s?%?$/.test(text.trim());
const written = (text) => text.replaceAll(".", "").replace("−", "-").replace(/[^\d,-]/g, "");
const number = (text) => (isNumber(text) ? Number(written(text).replace(",", ".")) : NaN);

// Which of two rows comes first by a column: way 1 is upwards, -1 downwards; what is not known comes last both ways.
const { compare } = new Intl.Collator("vi", { numeric: true });
const ordering = (column, way, isNumeric) => (one, other) => {
  const [a, b] = [one.cells[column].textContent.trim(), other.cells[column].textContent.trim()];
  if (!isNumeric) return way * compare(a, b);
  const [x, y] = [number(a), number(b)];
  return isNaN(x) || isNaN(y) ? isNaN(x) - isNaN(y) : way * (x - y);
};
