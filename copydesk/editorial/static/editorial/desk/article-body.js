// An imported block can be edited where it stands, but is never offered to be added: it is left out of the menus only.
const IMPORTED = "html";

class ArticleBody extends window.wagtailStreamField.blocks.StreamBlockDefinition {
  constructor(...args) {
    super(...args);
    this.groupedChildBlockDefs = this.groupedChildBlockDefs
      .map(([group, blocks]) => [group, blocks.filter((block) => block.name !== IMPORTED)])
      .filter(([, blocks]) => blocks.length > 0);
  }
}

window.telepath.register("copydesk.ArticleBody", ArticleBody);
