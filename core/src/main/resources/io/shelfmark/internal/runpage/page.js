(() => {
  'use strict';
  const all = (what) => [...document.querySelectorAll(what)];
  const steps = all('.step');
  const query = document.getElementById('q');
  const chips = all('.chip');
  const open = document.getElementById('open');

  function filter() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = chips.filter((c) => c.getAttribute('aria-pressed') === 'true').map((c) => c.dataset.state);
    let shown = 0;
    for (const step of steps) {
      const fits = words.every((w) => step.dataset.words.includes(w)) && (!states.length || states.includes(step.dataset.state));
      step.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    document.getElementById('none').hidden = shown > 0;
  }
  query.addEventListener('input', filter);
  for (const chip of chips) {
    chip.addEventListener('click', () => {
      chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
      filter();
    });
  }
  open.addEventListener('click', () => {
    const wanted = open.textContent === 'Open all';
    for (const step of steps) if (!step.hidden) step.open = wanted;
    open.textContent = wanted ? 'Close all' : 'Open all';
  });

  function follow() {
    const step = location.hash && document.getElementById(location.hash.slice(1));
    if (step && step.classList.contains('step')) {
      if (step.hidden) {
        query.value = '';
        chips.forEach((c) => c.setAttribute('aria-pressed', 'false'));
        filter();
      }
      step.open = true;
      step.scrollIntoView({block: 'center'});
    }
  }
  addEventListener('hashchange', follow);
  follow();

  const graph = document.querySelector('.graph');
  if (graph) {
    const fit = document.getElementById('fit');
    fit.hidden = graph.getBoundingClientRect().width <= graph.parentNode.clientWidth;
    fit.addEventListener('click', () => {
      fit.textContent = graph.classList.toggle('fit') ? 'Full size' : 'Fit';
    });
    const wires = all('.graph .w');
    const light = (node) => {
      graph.classList.toggle('some', node !== undefined);
      for (const w of wires) w.classList.toggle('on', w.dataset.a === node || w.dataset.b === node);
    };
    for (const n of all('.graph .n')) {
      n.addEventListener('mouseenter', () => light(n.dataset.n));
      n.addEventListener('focus', () => light(n.dataset.n));
      n.addEventListener('mouseleave', () => light());
      n.addEventListener('blur', () => light());
    }
  }
})();
