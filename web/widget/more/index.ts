/** The second script: what opens on a tap. It shares no state with the first but what it is given. */
import style from "./more.css";

export { Attachments } from "./attachments";
export { whereAmI } from "./place";
export { Rights } from "./rights";
export { style };
