/* Filters, links that copy themselves, letters that say what they mean. Pages are complete without it. */
(() => {
  'use strict';

  const all = (path, within = document) => [...within.querySelectorAll(path)];
  const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  const filters = all('form.raci-filter').map(form => {
    const {name, parties, after} = form.dataset;
    const boxes = form.getAttribute('aria-controls').split(' ')
      .map(id => document.getElementById(id).closest('.raci-scroll'));
    const sections = all('.raci-section').filter(section => boxes.some(box => section.contains(box)));
    const [output] = all('output', form);
    let rows;

    const read = row => ({
      row,
      // By letter, an activity of a party may have several rows.
      activity: +after && all('th a', row)[0]?.href || row,
      text: plain(all('th', row)[0].textContent),
      tags: all('.raci-tag', row).map(tag => tag.textContent),
      parts: [...row.cells].slice(-after - parties, -after || undefined)
        .map(cell => all('.raci-letter', cell).map(letter => letter.firstChild.textContent)),
    });

    /** What was chosen and typed. */
    const asked = () => [...new FormData(form)].filter(([, value]) => value.trim());

    const show = () => {
      rows ??= boxes.flatMap(box => all('tbody > tr:has(> [scope=row])', box)).map(read);
      const given = kind => asked().filter(([key]) => key === `${name}.${kind}`).map(([, value]) => value);
      const [tag] = given('tag'), [party] = given('party'), letters = given('letter');
      const words = plain(given('text').join()).split(/\s+/);
      const column = party && form.elements[`${name}.party`].selectedIndex - 1;
      const does = part => letters.length ? letters.some(letter => part.includes(letter)) : part.length;
      const fits = ({text, tags, parts}) => (!tag || tags.includes(tag)) && words.every(word => text.includes(word))
        && (party ? does(parts[column]) : !letters.length || parts.some(does));
      const used = asked().length > 0;
      for (const entry of rows) entry.row.hidden = !fits(entry);
      for (const box of boxes) fold(box, used);
      for (const section of sections) section.hidden = boxes.every(box => box.hidden || !section.contains(box));
      const count = some => new Set(some.map(({activity}) => activity)).size;
      output.textContent = output.dataset.text.replace('{shown}', count(rows.filter(({row}) => !row.hidden)))
        .replace('{all}', count(rows));
      form.classList.toggle('raci-used', used);
      all('details', form)[0].open ||= used;
    };

    const fill = given => {
      for (const control of form.elements) {
        const values = given.getAll(control.name);
        if (control.type === 'checkbox') control.checked = values.includes(control.value);
        else control.value = values[0] ?? '';
        if (control.selectedIndex === -1) control.value = '';
      }
      show();
    };

    const changed = step => { show(); note(step); };
    form.addEventListener('submit', event => event.preventDefault());
    form.addEventListener('input', event => changed(event.target.type !== 'search'));
    form.addEventListener('reset', () => setTimeout(() => {
      changed(true);
      all('summary', form)[0].focus();
    }));
    form.hidden = false;
    return {name, asked, fill, parts: [...boxes, ...sections]};
  });

  /** Leave titles that have a row below them. */
  function fold(box, used) {
    let nearest = used ? 0 : Infinity;
    for (const row of all('tbody > tr', box).reverse()) {
      const level = +(/raci-level-(\d+)/.exec(row.firstElementChild.className)?.[1] ?? 0);
      if (level) row.hidden = level >= nearest;
      if (used && !row.hidden) nearest = level || Infinity;
    }
    box.hidden = !nearest;
  }

  /** An address without what filters were asked. */
  function bare(address) {
    const url = new URL(address);
    for (const key of [...url.searchParams.keys()])
      if (filters.some(({name}) => key.startsWith(`${name}.`))) url.searchParams.delete(key);
    return url;
  }

  /** Put what is asked into the address, as a step to go back or in place of the last one. */
  function note(step, hash = '') {
    const url = bare(location);
    url.hash = hash;
    for (const pair of filters.flatMap(filter => filter.asked())) url.searchParams.append(...pair);
    if (url.search !== location.search) history[step ? 'pushState' : 'replaceState'](null, '', url);
  }

  /** Do what the address says, and show what it leads to. */
  function follow() {
    for (const {fill} of filters) fill(new URLSearchParams(location.search));
    const target = document.getElementById(location.hash.slice(1));
    if (!target?.closest('[hidden]')) return;
    for (const {fill, parts} of filters) if (parts.some(part => part.contains(target))) fill(new URLSearchParams());
    note(false, location.hash);
    target.scrollIntoView();
  }

  const said = document.createElement('span');
  said.className = 'raci-said';
  said.role = 'status';

  document.addEventListener('click', ({target}) => {
    const letter = target.closest('abbr.raci-letter:not(.raci-told)');
    for (const told of all('.raci-told')) told.classList.remove('raci-told');
    letter?.classList.add('raci-told');
    said.textContent = '';
    const link = target.closest('.raci-scroll a.headerlink');
    if (!link) return;
    link.after(said);
    const copied = link.closest('.raci-scroll').dataset.copied;
    navigator.clipboard?.writeText(bare(link.href)).then(() => { said.textContent = copied; }, () => {});
  });

  // Some themes take these keys for the page before or after.
  for (const box of all('.raci-scroll'))
    box.addEventListener('keydown', event => { if (/^Arrow[LR]/.test(event.key)) event.stopPropagation(); });

  addEventListener('popstate', follow);
  addEventListener('hashchange', follow);
  follow();
})();
