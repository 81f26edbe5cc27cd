/** The second script: what opens on a tap. It shares no state with the first but what it is given. */
import look from "./more.css";

export { Attachments } from "./attachments";
export { Review } from "./review";
export { Rights } from "./rights";
export { Where } from "./where";
export { look };
