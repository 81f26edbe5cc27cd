/** `<civicdesk-chat server="https://desk.example.org">`: the launcher and the conversation. Importing the module defines it. */
export declare class CivicdeskChat extends HTMLElement {
  /** Open the chat and send a question. Call it only for a press of the citizen's own. */
  ask(text: string): void;
  show(): void;
  hide(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "civicdesk-chat": CivicdeskChat;
  }
}
