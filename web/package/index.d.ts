/** `<civicdesk-chat server="https://desk.example.org">`: the launcher and the conversation. Importing the module defines it. */
export declare class CivicdeskChat extends HTMLElement {
  /** Open the chat and send a question. Call it only in response to the citizen's own click. */
  ask(text: string): void;
  show(): void;
  hide(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "civicdesk-chat": CivicdeskChat;
  }
}
