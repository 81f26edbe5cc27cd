/** The second script: photos, and parts that open on a tap. It shares no state with the first except what is passed to it. */
import look from "./more.css";

export { Attachments } from "./attachments";
export { reportBlocked } from "./blocked";
export { showPicture } from "./picture";
export { Review } from "./review";
export { Rights } from "./rights";
export { Where } from "./where";
export { look };
