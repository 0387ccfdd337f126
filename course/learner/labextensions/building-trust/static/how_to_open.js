// A page of the course that is open in a Jupyter which was not started for the course: its code is shown, and nothing
// runs. Say how to open it. The words are those of course/content/interface.toml, [view] how-to-open.

export const HOW_TO_OPEN =
  "This is a page of the course Building Trust. Opened like this, it shows its code and does nothing. To use it, close this window and open the course instead: type “course learn” in a terminal.";

export async function sayHowToOpen(panel, lab) {
  await panel.context.ready;
  if (!panel.model.getMetadata("course")) return;
  const widget = new lab.Widget();
  const notice = Object.assign(document.createElement("p"), { lang: "en", dir: "ltr", textContent: HOW_TO_OPEN });
  notice.setAttribute("role", "status");
  notice.className = "course-HowToOpen";
  widget.node.append(notice);
  panel.contentHeader.addWidget(widget);
  new ResizeObserver(() => {
    widget.node.style.minHeight = `${notice.offsetHeight}px`;
    panel.contentHeader.fit();
  }).observe(notice);
}
