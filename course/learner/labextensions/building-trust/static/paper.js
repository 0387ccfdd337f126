// Jupyter's own Print makes another page from the file, which has no answers in it and asks other hosts for scripts.
// A course notebook is printed as it stands on the screen instead; print.css lays it out for paper.

export function printAsShown(panel, Printing) {
  panel[Printing.symbol] = () => async () => window.print();
}
