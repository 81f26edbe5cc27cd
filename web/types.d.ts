/** esbuild hands a style sheet over as its text, so that the widget can adopt it inside its shadow root. */
declare module "*.css" {
  const text: string;
  export default text;
}
