// The server writes the page. What is here keeps it true, asks for reasons, and draws charts in the
// place of drawings; without it the page reads the same.

import "sluice/act";
import "sluice/charts";
import { begin } from "sluice/live";

const act = document.createElement("sluice-act");
document.body.append(act);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-verb]");
  if (button && !button.disabled) act.ask(button);
});

begin();
