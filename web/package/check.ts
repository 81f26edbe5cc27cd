// The package's types say what the element has: this file must compile, and is in no build.
import type { CivicdeskChat as Element } from "../widget/civicdesk";
import type { CivicdeskChat } from "./index";

export const described: (element: Element) => CivicdeskChat = (element) => element;
