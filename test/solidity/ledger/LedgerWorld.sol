// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Escrow} from "../../../contracts/Escrow.sol";
import {IModelRegistry} from "../../../contracts/interfaces/IModelRegistry.sol";
import {TestToken} from "../../../contracts/mocks/TestToken.sol";
import {OperatorStaking} from "../../../contracts/OperatorStaking.sol";
import {ReceiptLedger} from "../../../contracts/ReceiptLedger.sol";
import {Batch} from "../../../contracts/types/Batch.sol";
import {Claim, ModelVersionId} from "../../../contracts/types/Claim.sol";
import {LedgerTerms} from "../../../contracts/types/LedgerTerms.sol";
import {Receipt, ReceiptId, SignedReceipt} from "../../../contracts/types/Receipt.sol";
import {Harness} from "../Harness.sol";

/// @notice A registry in which one verifier is accepted for every model.
contract OneVerifierRegistry {
    address internal immutable VERIFIER;

    constructor(address verifier) {
        VERIFIER = verifier;
    }

    function rootOf(ModelVersionId, address verifier) external view returns (bytes32) {
        return verifier == VERIFIER ? bytes32("root") : bytes32(0);
    }
}

/// @notice A receipt that was signed.
struct Issued {
    Receipt receipt;
    bytes signature;
    ReceiptId id;
    bool isPosted;
    /// Number of its batch in the world's list, and its place there, once posted.
    uint256 batch;
    uint64 leaf;
}

/// @notice A batch as it stands.
struct Settled {
    Batch batch;
    uint256[] outcomes;
    bytes32[] ids;
    bool isReleased;
}

/// @title LedgerWorld
/// @notice Two operators, of whom the first is honest, two payers, and an outsider. The world is the models' verifier.
abstract contract LedgerWorld is Harness {
    uint256 public constant OPERATORS = 2;
    uint256 public constant PAYERS = 2;
    uint256 public constant STAKE = 20_000;
    uint256 public constant BUDGET = 5_000;
    uint256 internal constant KEYS = 0xa1;
    address public constant OUTSIDER = address(0x0ddba11);

    TestToken public immutable TOKEN;
    Escrow public immutable ESCROW;
    OperatorStaking public immutable STAKING;
    ReceiptLedger public immutable LEDGER;

    LedgerTerms internal _terms = LedgerTerms({
        stakeRatioPpm: 1_500_000,
        stakeFloor: 5,
        demandBond: 7,
        releaseWindow: 12,
        horizon: 40,
        demandWindow: 30,
        responseWindow: 10,
        challengeWindow: 35,
        tabThaw: 15,
        signerDelay: 5
    });

    Issued[] internal _issued;
    Settled[] internal _settled;
    uint256 internal _now = 1_700_000_000;
    uint256 internal _entropy;

    constructor() {
        VM.warp(_now);
        TOKEN = new TestToken();
        ESCROW = new Escrow(TOKEN);
        STAKING = new OperatorStaking(TOKEN, 1, 80, 500_000);
        IModelRegistry registry = IModelRegistry(address(new OneVerifierRegistry(address(this))));
        LEDGER = new ReceiptLedger(ESCROW, STAKING, registry, _terms);
        for (uint256 i = 0; i < OPERATORS; ++i) _stake(operatorAt(i));
        for (uint256 i = 0; i < PAYERS; ++i) _deposit(payerAt(i));
        _deposit(OUTSIDER);
        VM.warp(_now += 1);
        for (uint256 i = 0; i < OPERATORS; ++i) {
            STAKING.activate(address(LEDGER), ModelVersionId.wrap(0), operatorAt(i));
            VM.prank(operatorAt(i));
            LEDGER.pledge(STAKE);
        }
    }

    /* READING */

    function operatorAt(uint256 index) public pure returns (address) {
        return VM.addr(KEYS + index);
    }

    function payerAt(uint256 index) public pure returns (address) {
        return VM.addr(KEYS + OPERATORS + index);
    }

    function terms() external view returns (LedgerTerms memory) {
        return _terms;
    }

    function issuedCount() external view returns (uint256) {
        return _issued.length;
    }

    function issuedAt(uint256 index) external view returns (Issued memory) {
        return _issued[index];
    }

    function settledCount() external view returns (uint256) {
        return _settled.length;
    }

    function settledAt(uint256 index) external view returns (Settled memory) {
        return _settled[index];
    }

    /* INTERNAL */

    function _indexOf(address operator) internal pure returns (uint256) {
        return operator == operatorAt(0) ? 0 : 1;
    }

    function _signed(Issued memory issued) internal pure returns (SignedReceipt memory) {
        return SignedReceipt(issued.receipt, issued.signature);
    }

    function _claimOf(address operator) internal pure returns (Claim memory claim) {
        (claim.operator, claim.model) = (operator, ModelVersionId.wrap("model"));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _signCompact(uint256 key, bytes32 digest) internal pure returns (bytes32, bytes32) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return (r, bytes32((uint256(v - 27) << 255) | uint256(s)));
    }

    function _stake(address operator) internal {
        _mint(operator, STAKE, address(STAKING));
        VM.prank(operator);
        STAKING.deposit(operator, STAKE);
        VM.prank(operator);
        STAKING.allocate(address(LEDGER), ModelVersionId.wrap(0), STAKE);
    }

    function _deposit(address payer) internal {
        _mint(payer, BUDGET, address(ESCROW));
        VM.prank(payer);
        ESCROW.deposit(payer, address(LEDGER), BUDGET);
    }

    function _mint(address owner, uint256 amount, address spender) internal {
        TOKEN.mint(owner, amount);
        VM.prank(owner);
        TOKEN.approve(spender, type(uint256).max);
    }

    /// @dev The next of an action's random numbers, in [0, limit).
    function _pick(uint256 limit) internal returns (uint256 picked) {
        picked = _entropy % limit;
        _entropy = uint256(keccak256(abi.encode(_entropy)));
    }
}
