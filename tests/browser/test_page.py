"""A reviewer's page: what it shows, what its filters do, what it asks of the network, and how it looks."""

import pathlib
import tempfile
import unittest

from browser import scene
from browser.devtools import REPOSITORY, Browser, Page

PICTURES = REPOSITORY / "target" / "screenshots"

# Numbers of what a person sees.
SEEN = "Array.from(document.querySelectorAll('{0}')).filter((e) => e.checkVisibility()).length"
# Text with too little contrast to its background (WCAG 2.2, success criterion 1.4.3).
CONTRAST = """(() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const light = ([r, g, b]) => { const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; };
    return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c[3] > 0) return c; } return parse(getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'rgb(0,0,0)' : 'rgb(255,255,255)'); };
  const bad = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement;
    if (!node.textContent.trim() || !e.checkVisibility() || e.closest('script, :disabled')) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ${node.textContent.trim().slice(0, 30)}`);
  }
  return Array.from(bad);
})()"""


class PageCase(unittest.TestCase):
    """One browser and one plan for all tests."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="lz-page-")
        cls.addClassCleanup(folder.cleanup)
        cls.page_file = scene.make(pathlib.Path(folder.name))
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.stop)

    def open(self, **how):
        return Page(self.browser, self.page_file, **how)

    def seen(self, page, selector):
        return page.evaluate(SEEN.format(selector))

    def choose(self, page, name, words):
        """Chooses the option with these words, as a hand does, and returns how many cards are left."""
        found = page.evaluate(
            f"""(() => {{
              const box = document.getElementById('{name}');
              if (box.tagName === 'INPUT') box.value = {words!r};
              else {{
                const option = Array.from(box.options).find((option) => option.text === {words!r});
                if (!option) return Array.from(box.options).map((option) => option.text).join(', ');
                option.selected = true;
              }}
              box.dispatchEvent(new Event('input', {{ bubbles: true }}));
              return '';
            }})()"""
        )
        self.assertEqual(found, "", f"{name} has no {words}")
        return self.seen(page, ".card")

    def test_nothing_is_asked_of_the_network_and_nothing_is_complained_about(self):
        for how in ({}, {"dark": True}, {"width": 390}, {"scripts": False}):
            page = self.open(**how)
            self.assertEqual([url for url in page.requests() if not url.startswith("data:")], [page.url], how)
            self.assertEqual(page.complaints(), [], how)

    def test_filters_by_kind_unit_team_side_and_text_leave_what_they_say(self):
        page = self.open()
        every = self.seen(page, ".card")
        self.assertGreater(every, 10)
        addresses = "Array.from(document.querySelectorAll('.card:not([hidden]) .address')).map((e) => e.textContent)"
        self.assertGreater(self.choose(page, "kind", "policy"), 0)
        self.assertTrue(all(one.startswith("policy.") for one in page.evaluate(addresses)))
        self.assertIn(f" of {every} changes", page.evaluate("document.getElementById('shown').textContent"))
        page.evaluate("document.getElementById('reset').click()")
        self.assertEqual(self.seen(page, ".card"), every)

        self.assertLess(self.choose(page, "unit", "Security"), every)
        self.assertIn("account.billing", page.evaluate(addresses))
        self.assertNotIn("ou.workloads.data", page.evaluate(addresses))
        names = "Array.from(document.querySelectorAll('#map .node')).filter((e) => e.checkVisibility()).map((e) => e.querySelector('.name').textContent)"
        self.assertEqual(sorted(set(page.evaluate(names))), ["Audit", "Billing", "Log Archive", "Root", "Security"])
        page.evaluate("document.getElementById('reset').click()")

        self.assertGreater(self.choose(page, "tag", "owner: data"), 0)
        self.assertIn('account.data["lake"]', page.evaluate(addresses))
        self.assertNotIn("account.billing", page.evaluate(addresses))
        self.assertIn("Data Lake", page.evaluate(names))
        self.assertNotIn("Jump", page.evaluate(names))
        page.evaluate("document.getElementById('reset').click()")

        self.assertEqual(self.choose(page, "side", "already drifting"), 1)
        self.assertEqual(page.evaluate(addresses), ["account.billing"])
        page.evaluate("document.getElementById('reset').click()")

        self.assertEqual(self.choose(page, "text", "createtransitgateway"), 1)
        self.assertEqual(page.evaluate(addresses), ["policy.people"])
        self.assertEqual(self.choose(page, "text", "no such thing"), 0)
        self.assertEqual(self.seen(page, ".none"), 1)

    def test_a_link_of_the_map_leads_to_a_card_that_a_filter_hides(self):
        page = self.open()
        self.choose(page, "text", "data lake")
        page.evaluate("document.querySelector('#map a[href=\"#c0\"], #map a.fate').click()")
        target = page.evaluate("document.querySelector(':target').checkVisibility()")
        self.assertTrue(target)

    def test_it_reads_without_scripts(self):
        page = self.open(scripts=False)
        self.assertEqual(self.seen(page, "#filters"), 0, "filters that do nothing are not shown")
        self.assertGreater(self.seen(page, ".card"), 10)
        self.assertGreater(self.seen(page, "#map .node"), 10)
        self.assertGreater(self.seen(page, ".diff ins"), 0)
        page.screenshot(PICTURES / "without-scripts.png")

    def test_foreign_text_stays_text(self):
        page = self.open()
        names = page.evaluate("Array.from(document.querySelectorAll('#map .name')).map((e) => e.textContent)")
        self.assertIn(scene.HOSTILE, names)
        self.assertEqual(page.evaluate("document.querySelectorAll('img, iframe, object, embed').length"), 0)
        self.assertEqual(page.evaluate("document.querySelectorAll('script').length"), 1)
        self.assertEqual(page.evaluate("document.querySelectorAll('[style], [onclick], [onerror]').length"), 0)

    def test_the_policy_lets_no_other_script_in(self):
        page = self.open()
        page.evaluate(
            "(() => { const s = document.createElement('script'); s.textContent = 'window.intruder = 1'; document.body.append(s); })()"
        )
        self.assertIsNone(page.evaluate("window.intruder"))

    def test_people_with_other_eyes_can_read_it(self):
        for dark in (False, True):
            page = self.open(dark=dark)
            page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            self.assertEqual(page.evaluate(CONTRAST), [], "dark" if dark else "light")
        unnamed = "Array.from(document.querySelectorAll('select, input, button')).filter((e) => !(e.labels && e.labels.length) && !e.textContent).length"
        self.assertEqual(page.evaluate(unnamed), 0)
        self.assertEqual(page.evaluate("document.documentElement.lang"), "en")
        self.assertEqual(page.evaluate("document.querySelectorAll('h1').length"), 1)
        ids = "Array.from(document.querySelectorAll('[id]')).map((e) => e.id)"
        found = page.evaluate(ids)
        self.assertEqual(len(found), len(set(found)))
        dead = "Array.from(document.querySelectorAll('a[href^=\"#\"]')).filter((a) => !document.getElementById(a.hash.slice(1))).length"
        self.assertEqual(page.evaluate(dead), 0)

    def test_it_fits_a_phone_and_a_wall(self):
        for width, dark, name in (
            (390, False, "phone"), (390, True, "phone-dark"), (820, False, "tablet"), (1440, False, "wide"),
            (1440, True, "wide-dark"), (2560, False, "wall"),
        ):
            page = self.open(width=width, dark=dark)
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width, name)
            page.screenshot(PICTURES / f"{name}.png")

    def test_it_prints_with_every_fold_open(self):
        page = self.open()
        page.pdf(PICTURES / "plan.pdf")
        page.send("Emulation.setEmulatedMedia", media="print")
        self.assertEqual(self.seen(page, "#filters"), 0)
        folded = "Array.from(document.querySelectorAll('details:not([open]) > pre')).filter((e) => !e.checkVisibility()).length"
        self.assertEqual(page.evaluate(folded), 0)


if __name__ == "__main__":
    unittest.main()
