// A quotation hands itself to the module that follows it, sources/desk/quotation.js, as soon as that is there.
class Quotation extends window.wagtailStreamField.blocks.StructBlockDefinition {
  render(...args) {
    const block = super.render(...args);
    window.copydeskQuotations = window.copydeskQuotations ?? [];
    window.copydeskQuotations.push([block, this.meta.quoting]);
    return block;
  }
}

window.telepath.register("copydesk.Quotation", Quotation);
