"""The one XML door: streaming, bounded, hardened. No other module of the library creates an XML parser.

Bytes go through five stages, each of which can be read alone:

1. `blocks`: chunks of any size become blocks of one size, then pieces that end after a `>`, so that a result never
   depends on how the bytes came;
2. `encoding`: the decoding ladder; from here on everything is UTF-8;
3. `prolog`: declaration, DOCTYPE and header comments, read by us and blanked out, so that lines stay true;
4. `entities`: named HTML entities become character references;
5. `reader`: libxml2, without network, DTD, entities or recovery; finished records are taken and deleted as it goes.

`grammar` validates the same pieces against a published schema, on the way.
"""

from entformats._xml.blocks import BLOCK
from entformats._xml.guard import Element
from entformats._xml.harvest import Container
from entformats._xml.reader import Root, Stage, XmlReader, XmlSpec

__all__ = ["BLOCK", "Container", "Element", "Root", "Stage", "XmlReader", "XmlSpec"]
