// Checks the package's types: this file must compile, and is not part of any build.
import type { CivicdeskChat as Element } from "../widget/civicdesk";
import type { CivicdeskChat } from "./index";

export const described: (element: Element) => CivicdeskChat = (element) => element;
