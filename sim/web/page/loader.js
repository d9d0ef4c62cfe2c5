// Start the modules that stand in this file as text: each gets an address of its own, so that it can be imported without a server.
(() => {
  const known = new Map();
  const address = (name) => {
    if (!known.has(name)) {
      const text = document.getElementById(`module:${name}`).textContent.replaceAll("<\\/script", "</script");
      const own = text.replace(/from "\.[^"]*\/([\w-]+\.js)"/g, (whole, other) => `from "${address(other)}"`);
      known.set(name, URL.createObjectURL(new Blob([own], { type: "text/javascript" })));
    }
    return known.get(name);
  };
  import(address("player.js")).then((player) => player.begin());
})();
