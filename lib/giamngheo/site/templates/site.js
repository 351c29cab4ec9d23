"use strict";
// Finds units by name: every word typed must be in the unit's, whatever its marks and capitals.
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
const form = document.querySelector("form"), input = form.querySelector("input");
const said = form.querySelector("[role=status]"), listed = document.querySelectorAll("[data-search]");
const units = document.querySelectorAll("section.unit"), overview = document.querySelector(".overview");
const find = () => {
  const wanted = bare(input.value).split(/\s+/).filter(Boolean);
  for (const entry of listed) entry.hidden = !wanted.every((word) => entry.dataset.search.includes(word));
  const shown = [...units].filter((unit) => !unit.hidden).length;
  if (overview) overview.hidden = shown === 0;
  said.textContent = wanted.length === 0 ? "" :
    shown === 0 ? "Không có đơn vị nào khớp." : `Hiện ${shown} trong ${units.length} đơn vị.`;
};
form.addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", find);
form.hidden = units.length < 2;
find();
