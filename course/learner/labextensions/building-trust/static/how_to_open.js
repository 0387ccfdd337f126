// A page of the course that is open in a Jupyter which was not started for the course: its code is shown, and nothing
// runs. Say how to open it. No server of ours is there to send the words, so they lie beside this script.

export async function sayHowToOpen(panel, lab) {
  await panel.context.ready;
  if (!panel.model.getMetadata("course")) return;
  const { words } = await (await fetch(new URL("how_to_open.json", import.meta.url))).json();
  const widget = new lab.Widget();
  const notice = Object.assign(document.createElement("p"), { lang: "en", dir: "ltr", textContent: words });
  notice.setAttribute("role", "status");
  notice.className = "course-HowToOpen";
  widget.node.append(notice);
  panel.contentHeader.addWidget(widget);
  new ResizeObserver(() => {
    widget.node.style.minHeight = `${notice.offsetHeight}px`;
    panel.contentHeader.fit();
  }).observe(notice);
}
