// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {DemandStatus} from "../../contracts/interfaces/ITensorVerifier.sol";
import {Claim} from "../../contracts/types/Claim.sol";
import {ALL_LEAVES, DemandProof, Node, Tree} from "../../contracts/types/Tensor.sol";
import {Harness} from "./Harness.sol";
import {TensorWorld} from "./TensorWorld.sol";

/// @notice Two demanders and one operator over three claims: one honest, one with a wrong element, one with a wrong trace.
contract TensorDemandsHandler is TensorWorld {
    uint256 internal constant FUNDS = 1_000_000;
    uint256 internal constant NODES = 9;
    uint256 internal constant WINDOW = 150;
    address public constant OPERATOR = address(0x0b);

    struct Demand {
        uint256 claim;
        uint256 node;
        bytes32 id;
    }

    address[2] public demanders = [address(0xa1), address(0xa2)];
    bytes32[3] public claimIds;
    Demand[] public demands;
    /// @notice Bonds that went to the operator.
    uint256 public earned;
    /// @notice True once what must never happen did.
    bool public isSupplyRefused;
    bool public isRefutedWithoutReason;

    Model internal _published;
    Claim[3] internal _claims;
    bytes[][][3] internal _tensors;
    bytes32[NODES][3] internal _hashes;
    uint256 internal _now = 1_000_000;

    /// @dev The runner forgets a warp after the call that made it.
    modifier atNow() {
        VM.warp(_now);
        _;
    }

    constructor() {
        VM.warp(_now);
        _published = _publish(3, 5, 4, "demands");
        for (uint256 i = 0; i < 3; ++i) {
            bytes[][] memory tensors = _run(_published, bytes32(i));
            if (i == 1) tensors[1][2][3] ^= 0x01;
            (Claim memory claim, ) = _claim(_published, tensors, bytes32(i), uint64(_now + WINDOW));
            if (i == 2) {
                claim.evidenceHash = keccak256("withheld");
                SOURCE.submit(claim, address(VERIFIER), uint64(_now + WINDOW));
            }
            claimIds[i] = SOURCE.claimIdOf(claim);
            (_claims[i], _tensors[i]) = (claim, tensors);
            for (uint256 j = 0; j < NODES; ++j) _hashes[i][j] = _hashAt(i, _nodeOf(j));
        }
        for (uint256 i = 0; i < 2; ++i) {
            TOKEN.mint(demanders[i], FUNDS);
            VM.prank(demanders[i]);
            TOKEN.approve(address(ESCROW), FUNDS);
            VM.prank(demanders[i]);
            ESCROW.deposit(demanders[i], address(VERIFIER), FUNDS);
        }
    }

    function pass(uint256 time) external {
        _now += bound(time, 1, 40);
    }

    function demand(uint256 claim, uint256 node, uint256 by, bool isFollowUp) external atNow {
        (claim, node, by) = (claim % 3, node % NODES, by % 2);
        (Node memory node_, bytes32 hash) = (_nodeOf(node), _hashes[claim][node]);
        DemandProof memory proof = _proofOf(claim, node_);
        if (isFollowUp) proof.hashOfParent = _parentOf(claim, node_);
        VM.prank(demanders[by]);
        bytes32 id = VERIFIER.demand(SOURCE, abi.encode(_claims[claim]), node_, hash, proof);
        demands.push(Demand(claim, node, id));
    }

    /// @dev The operator of the honest claim and of the wrong element can supply everything, in time.
    function supply(uint256 index) external atNow {
        (Demand memory demand_, Node memory node, bytes32 hash) = _pick(index);
        (DemandStatus status, , uint64 time) = VERIFIER.demandOf(demand_.id);
        bool canSupply =
            status == DemandStatus.Open &&
                _now < time &&
                demand_.claim != 2 &&
                !SOURCE.isRefuted(claimIds[demand_.claim]);
        try VERIFIER.supply(SOURCE, abi.encode(_claims[demand_.claim]), node, hash, _dataOf(demand_.claim, node)) {
            earned += BOND;
        } catch {
            isSupplyRefused = isSupplyRefused || canSupply;
        }
    }

    function timeout(uint256 index) external atNow {
        (Demand memory demand_, Node memory node, bytes32 hash) = _pick(index);
        (DemandStatus status, , uint64 time) = VERIFIER.demandOf(demand_.id);
        VERIFIER.timeout(SOURCE, abi.encode(_claims[demand_.claim]), node, hash);
        if (status != DemandStatus.Open || _now < time) isRefutedWithoutReason = true;
    }

    function reclaim(uint256 index) external atNow {
        (Demand memory demand_, Node memory node, bytes32 hash) = _pick(index);
        VERIFIER.reclaim(SOURCE, abi.encode(_claims[demand_.claim]), node, hash);
        if (!SOURCE.isRefuted(claimIds[demand_.claim])) isRefutedWithoutReason = true;
    }

    function prove(uint256 claim, uint256 row, uint256 column) external atNow {
        claim = claim % 2;
        (row, column) = (row % 3, column % 5);
        bytes[][] memory tensors = _tensors[claim];
        VERIFIER.prove(SOURCE, abi.encode(_claims[claim]), _proof(_published, tensors, 1, row, column));
        if (claim != 1 || row != 2 || column != 3) isRefutedWithoutReason = true;
    }

    /// @notice Demands of `claim` that are open.
    function openOf(uint256 claim) external view returns (uint256 open) {
        for (uint256 i = 0; i < demands.length; ++i) {
            (DemandStatus status, , ) = VERIFIER.demandOf(demands[i].id);
            if (demands[i].claim == claim && status == DemandStatus.Open) ++open;
        }
    }

    function balances() external view returns (uint256 total) {
        total = ESCROW.balanceOf(OPERATOR, address(VERIFIER));
        for (uint256 i = 0; i < 2; ++i) total += ESCROW.balanceOf(demanders[i], address(VERIFIER));
    }

    function _pick(uint256 index) internal view returns (Demand memory demand_, Node memory node, bytes32 hash) {
        demand_ = demands[index % demands.length];
        return (demand_, _nodeOf(demand_.node), _hashes[demand_.claim][demand_.node]);
    }

    function _nodeOf(uint256 number) internal pure returns (Node memory) {
        if (number == 0) return Node(Tree.Trace, 0, ALL_LEAVES);
        if (number < 4) return Node(Tree.Tensor, uint32(number - 1), ALL_LEAVES);
        if (number < 7) return Node(Tree.Tensor, 1, uint32(number - 4));
        return Node(Tree.Weights, 2, number == 7 ? ALL_LEAVES : 3);
    }

    /// @dev What claim `claim` binds at `node`.
    function _hashAt(uint256 claim, Node memory node) internal view returns (bytes32) {
        if (node.tree == Tree.Trace) return _claims[claim].evidenceHash;
        bytes32[] memory leaves = _leaves(_rowsAt(claim, node));
        if (node.leaf != ALL_LEAVES) return leaves[node.leaf];
        return _root(node.tree == Tree.Weights ? bytes4("WGT1") : bytes4("TNS1"), leaves);
    }

    function _rowsAt(uint256 claim, Node memory node) internal view returns (bytes[] memory) {
        return node.tree == Tree.Weights ? _published.weights : _tensors[claim][node.index];
    }

    function _proofOf(uint256 claim, Node memory node) internal view returns (DemandProof memory proof) {
        bytes[][] memory tensors = _tensors[claim];
        proof.operator = _openOperator(_published, node.index);
        if (node.tree == Tree.Tensor) proof.tensor = _openTensor(tensors, node.index);
        if (node.leaf == ALL_LEAVES) return proof;
        proof.path = _path(_leaves(_rowsAt(claim, node)), node.leaf);
    }

    function _parentOf(uint256 claim, Node memory node) internal view returns (bytes32) {
        if (node.leaf == ALL_LEAVES) return _claims[claim].evidenceHash;
        return _hashAt(claim, Node(node.tree, node.index, ALL_LEAVES));
    }

    function _dataOf(uint256 claim, Node memory node) internal view returns (bytes memory) {
        bytes[][] memory tensors = _tensors[claim];
        if (node.tree == Tree.Trace) return abi.encodePacked(_tensorRoot(tensors[1]), _tensorRoot(tensors[2]));
        bytes[] memory rows = _rowsAt(claim, node);
        return node.leaf == ALL_LEAVES ? abi.encodePacked(_leaves(rows)) : rows[node.leaf];
    }
}

contract TensorDemandsInvariantTest is Harness {
    uint256 internal constant FUNDS = 2_000_000;
    uint256 internal constant BOND = 7;

    TensorDemandsHandler internal _handler;

    function setUp() external {
        _handler = new TensorDemandsHandler();
        target(address(_handler));
    }

    function invariant_everyBondIsSomewhereAndEverySuspensionCounted() external view {
        uint256 bonds = 0;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 demands = _handler.openOf(i);
            bonds += demands * BOND;
            (, , uint64 open, bool isRefuted, , ) = _handler.SOURCE().recordOf(_handler.claimIds(i));
            if (!isRefuted) assertEq(open, demands, "suspensions != open demands");
        }

        assertEq(_handler.balances() + bonds, FUNDS, "balances + open bonds != funds");
        address verifier = address(_handler.VERIFIER());
        assertEq(_handler.ESCROW().poolOf(verifier), FUNDS, "pool != funds");
        assertEq(_handler.ESCROW().balanceOf(_handler.OPERATOR(), verifier), _handler.earned(), "earned");
    }

    function invariant_whoCanSupplyMayAndNothingFallsWithoutReason() external view {
        require(!_handler.isSupplyRefused(), "a right supply in time was refused");
        require(!_handler.isRefutedWithoutReason(), "refuted without reason");
    }
}
